<?php
1 + $a = 2;
