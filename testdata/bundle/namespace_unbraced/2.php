<?php
class B {}
echo B::class, ' ', \A\f();
