<?php
<<<A
\
A;
\$a \{$b} \\
A;
