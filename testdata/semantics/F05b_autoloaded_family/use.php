<?php
namespace Tree;
echo (new Twig)->name(), ' ';
var_dump(class_exists('Tree\Branch', false));
