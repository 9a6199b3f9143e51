<?php
use function a\b; use function c as d; use const A\B, C;
