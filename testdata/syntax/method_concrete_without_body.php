<?php
class A { function b(); }
