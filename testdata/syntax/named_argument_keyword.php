<?php
f(return
 $a);
