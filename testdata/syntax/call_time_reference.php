<?php f(&$a);
