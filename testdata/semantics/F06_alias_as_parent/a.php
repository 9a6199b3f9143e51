<?php
class Before {}
class_alias('Before', 'After');
class Child extends After {}
echo get_parent_class('Child');
