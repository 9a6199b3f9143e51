<?php
$a = "{$b";
