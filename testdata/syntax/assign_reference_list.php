<?php
[$a] = &$b;
