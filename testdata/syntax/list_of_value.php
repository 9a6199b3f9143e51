<?php
list(1) = $a;
