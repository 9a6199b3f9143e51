<?php
eval('1'); $a = eval ('1') + 1;
