<?php
echo C::X;
class C extends P { const X = 1; }
