<?php
const A = 1, B = 'x' . 2;
