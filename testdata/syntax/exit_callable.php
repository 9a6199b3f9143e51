<?php
$f = exit(...);
