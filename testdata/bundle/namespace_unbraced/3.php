<?php
namespace C;
const X = 1;
namespace D\E;
const Y = 2;
echo namespace\Y, \C\X, __NAMESPACE__;