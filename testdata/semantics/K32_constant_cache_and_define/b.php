<?php
define('A\M_PI', 3);
