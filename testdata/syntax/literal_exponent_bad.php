<?php
$a = 1e;
