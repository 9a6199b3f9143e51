<?php
[$a, list($b)] = $c;
