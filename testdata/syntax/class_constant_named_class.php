<?php
class A { const CLASS = 1; }
