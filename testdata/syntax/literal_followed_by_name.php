<?php
$a = 12abc;
