<?php
echo 1 % $zero;
class C extends P {}
