<?php
define('A', 1); define('B', array(1));
