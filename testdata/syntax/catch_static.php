<?php
try { } catch (static $e) { }
