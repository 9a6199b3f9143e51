<?php
$a <=> $b;
