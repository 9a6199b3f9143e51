<?php
class A { int $a; }
