<?php
<<<A
{$a[<<<B
 b$c
 B]}
A;
1