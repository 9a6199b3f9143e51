<?php
$a = $b[];
