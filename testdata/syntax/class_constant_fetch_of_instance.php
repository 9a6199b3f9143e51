<?php
$a = $b::C;
