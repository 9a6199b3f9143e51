<?php ``; `ls`; `ls $a {$b['c']}`;
