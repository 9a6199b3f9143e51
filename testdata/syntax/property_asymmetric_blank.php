<?php
class A { public private( set ) int $b; }
