<?php
$a = __DIR__ . __NAMESPACE__;
