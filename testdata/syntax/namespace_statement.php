<?php
namespace A;
f();
namespace B\C;
g();
