<?php
class A { static readonly int $a; }
