<?php
$a = $b ? 1 : ;
