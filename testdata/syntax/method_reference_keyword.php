<?php
class A { function &list() { } }
