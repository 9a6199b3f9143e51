<?php
print 1; print(1) + 2; $a = print 'x'; print $a and print $b; f(print 1);
