<?php
$été = 1; function ñ() { } class Ñ { }
