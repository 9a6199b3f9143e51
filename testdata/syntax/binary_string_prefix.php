<?php
$a = b'x' . b"y$z" . B<<<E
t
E;
