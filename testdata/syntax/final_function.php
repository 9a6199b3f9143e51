<?php
final function f() { }
