<?php
$a = new final class { };
