<?php
$a = new readonly class { };
