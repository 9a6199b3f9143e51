<?php
$a = "$b['c']";
