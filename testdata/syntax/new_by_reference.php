<?php $a = &new B; $c =& new D(1);
