<?php
$a = `ls;
