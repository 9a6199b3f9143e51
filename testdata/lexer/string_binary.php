<?php
b'a' . B"b" . b"$c" . b<<<A
d
A;
b 'e'