<?php
"a $b
 c