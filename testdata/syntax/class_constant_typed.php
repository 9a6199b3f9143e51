<?php
class A { const int B = 1; const A|B C = 2; private const string D = 'x', E = 'y'; }
