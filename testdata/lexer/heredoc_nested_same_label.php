<?php
<<<A
{$a[<<<A
b
A
]}
A;
1