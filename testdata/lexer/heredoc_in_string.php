<?php
"{$a[<<<A
 b" $c
 A]}"