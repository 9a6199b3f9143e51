<?php
list(, 'a' => $b) = $c;
