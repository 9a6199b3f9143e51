<?php
$a = A::B[0];
