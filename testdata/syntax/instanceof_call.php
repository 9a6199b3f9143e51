<?php
$a instanceof f();
