<?php
namespace Tree;
class Twig extends Branch { function name() { return static::NAME; } }
