<?php
#[Attribute(Attribute::TARGET_CLASS)]
final class A
{
    const X = Later::NAME;
    public $value = Later::NAME;
    public static $static = Later::NAME;
    public function __construct(public $object = new Later(Later::NAME)) {}
}
class Later
{
    const NAME = 'later';
    public function __construct(public $name) {}
}
