<?php
$a = __TRAIT__;
