<?php
$a = switch ($b) { };
