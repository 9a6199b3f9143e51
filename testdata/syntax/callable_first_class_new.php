<?php
$f = new A(...);
