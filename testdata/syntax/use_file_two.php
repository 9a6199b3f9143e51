<?php
use "x.php", "y.php";
