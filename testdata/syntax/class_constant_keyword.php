<?php
class A { const LIST = 1, CLASS_ = 2, for = 3; }
