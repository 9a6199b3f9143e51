<?php
<<<A
a
\u{zz}
b
A;
1