<?php
class_exists('Countable');
echo trait_exists('T', false) ? 'T is there' : 'T comes later', "\n";
trait T {}
class B { use T; }
