<?php
class A { readonly int $a; public readonly ?B $c; }
