<?php
class Root {}
echo get_parent_class('Leaf');
