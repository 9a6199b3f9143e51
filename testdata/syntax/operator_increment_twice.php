<?php
$a++ ++;
