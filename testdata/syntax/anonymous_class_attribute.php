<?php
$a = new #[A] class { };
