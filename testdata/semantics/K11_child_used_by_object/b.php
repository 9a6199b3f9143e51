<?php
echo $s, "\n";
class C extends P {}
