<?php
/** @Entity("users") */
class User { /** @Id */ public $id; }
echo (new ReflectionClass('User'))->getDocComment(), (new ReflectionProperty('User', 'id'))->getDocComment();
