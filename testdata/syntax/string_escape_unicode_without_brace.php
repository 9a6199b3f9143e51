<?php
$a = "\u12";
