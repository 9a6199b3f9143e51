<?php
new $a->b->c(1)->d;
