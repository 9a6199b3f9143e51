<?php
$a = "$b \u{zz}";
