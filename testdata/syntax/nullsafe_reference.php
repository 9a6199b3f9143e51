<?php
$a = &$b?->c;
