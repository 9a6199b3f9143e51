<?php
"$a
\u{zz}
$b
" . 1;
`
\u{zz}
` . 2;
3