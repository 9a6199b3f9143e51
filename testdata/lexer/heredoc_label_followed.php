<?php
<<<A
a
A+1;
<<<A
b
A, 2;
<<<A
c
A)
;
