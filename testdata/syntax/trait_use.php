<?php
class A { use B, \C; use D { } use E { f as g; H::i as protected; H::i as private j; B::k insteadof C, D; } }
