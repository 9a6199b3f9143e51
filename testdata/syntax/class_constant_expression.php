<?php
class A { const B = self::C . 'x', D = -1; }
