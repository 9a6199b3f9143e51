<?php
class Box { }
echo get_class(new Box);
