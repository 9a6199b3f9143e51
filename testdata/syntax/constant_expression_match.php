<?php
const A = match(1) { 1 => 2 };
