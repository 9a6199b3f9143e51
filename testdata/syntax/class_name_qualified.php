<?php
class A\B { }
