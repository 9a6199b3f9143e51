<?php
$a = &new A; f(&new A);
