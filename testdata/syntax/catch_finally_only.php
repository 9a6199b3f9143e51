<?php
try { } finally { }
