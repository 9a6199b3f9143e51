<?php
namespace A;
use B\Base as P;
class C extends P {}
class D extends namespace\C {}