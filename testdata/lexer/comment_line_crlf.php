<?php
// x
# y
//
#
1