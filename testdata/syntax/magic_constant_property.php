<?php
$a = __PROPERTY__;
