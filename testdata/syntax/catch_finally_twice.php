<?php
try { } finally { } finally { }
