<?php
use ("x.php";
