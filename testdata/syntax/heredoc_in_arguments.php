<?php
f(<<<A
text
A
, 1);
