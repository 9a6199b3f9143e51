<?php
#[Table('users')]
class User {}
# a comment
echo (new ReflectionClass('User'))->getAttributes()[0]->getArguments()[0];
