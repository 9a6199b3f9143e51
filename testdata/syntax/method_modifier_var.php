<?php
class A { var function b() { } }
