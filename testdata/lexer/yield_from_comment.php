<?php
yield/**/from; yield /* a */ from; yield // a
from; yield # a
from; yield /* a
 */ # b
 from