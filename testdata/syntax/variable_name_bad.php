<?php
$1a = 1;
