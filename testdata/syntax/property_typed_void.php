<?php
class A { public void $a; }
