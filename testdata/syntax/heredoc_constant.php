<?php
class A { const B = <<<C
text
C;
}
