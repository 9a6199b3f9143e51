<?php
echo get_class(new C);
class C extends P {}
