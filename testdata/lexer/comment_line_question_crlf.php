<?php
// x?
# y%
// z>
1