<?php
(ints) (int (int|string) (array $a) () (null) (/**/int) (int