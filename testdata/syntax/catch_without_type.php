<?php
try { } catch ($e) { }
