<?php
$a = 0o8;
