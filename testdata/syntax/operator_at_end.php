<?php
$a = 1 +
