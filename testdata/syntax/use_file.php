<?php
use "x.php";
