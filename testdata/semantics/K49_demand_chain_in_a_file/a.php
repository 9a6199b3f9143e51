<?php
echo get_class(new N\C2), "\n";
echo get_parent_class('N\C4'), "\n";
