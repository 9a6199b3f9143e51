<?php
namespace Acme\Tools;

abstract class Base
{
    const LEVEL = 3;
    protected $parts = array();

    public function with($part)
    {
        $this->parts[] = $part;
        return $this;
    }

    public function text() { return implode('-', $this->parts); }
}
