<?php
$a =
namespace
1;
