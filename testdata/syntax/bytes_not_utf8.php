<?php
$aÿ = "ÿ"; function fÿ() { }
