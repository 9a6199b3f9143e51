<?php
class A { final public const B = 1; }
