<?php
const A = B['c'], D = 'e'[0], F = [1, 2][0];
