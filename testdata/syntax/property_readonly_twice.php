<?php
class A { readonly readonly int $a; }
