<?php
use ("x.php") ?>
