<?php
abstract class A { abstract final function b(); }
