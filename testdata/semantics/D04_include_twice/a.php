<?php
$rounds = ($rounds ?? 0) + 1;
