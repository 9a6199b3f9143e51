<?php
$a = A::{'B'};
