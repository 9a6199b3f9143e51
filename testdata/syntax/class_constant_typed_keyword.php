<?php
class A { const int LIST = 1; }
