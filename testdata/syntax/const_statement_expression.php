<?php
const A = 1 + 2 * 3, B = A['x'] ?: -1;
