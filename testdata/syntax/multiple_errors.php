<?php
$a = ;
$b = ;
