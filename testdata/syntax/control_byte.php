<?php
$a =  1;
