<?php
$a instanceof
namespace
;
