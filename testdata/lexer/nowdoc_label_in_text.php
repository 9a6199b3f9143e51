<?php
<<<'A'
AA
 A1
A