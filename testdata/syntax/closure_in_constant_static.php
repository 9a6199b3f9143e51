<?php
const A = static function () { };
