<?php
class enum { } $a = new enum; enum::f();
