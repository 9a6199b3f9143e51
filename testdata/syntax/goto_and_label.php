<?php a: goto a; b: echo 1;
