<?php
include 'a'; include_once('b'); require 'c' . 'd'; require_once $e; $f = (include 'g') + 1;
