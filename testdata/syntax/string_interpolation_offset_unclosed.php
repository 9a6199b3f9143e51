<?php
$a = "$b[c";
