<?php
const A = B::C->value, D = B::C?->value;
