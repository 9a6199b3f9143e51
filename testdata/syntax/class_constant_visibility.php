<?php
class A { public const B = 1; private const C = 2; }
