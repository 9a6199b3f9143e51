<?php
$a[1;