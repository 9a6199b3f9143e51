<?php
class A { use B { c as readonly

 d; } }
