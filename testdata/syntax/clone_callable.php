<?php
$a = clone(...);
