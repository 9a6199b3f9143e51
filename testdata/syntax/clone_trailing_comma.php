<?php
$a = clone($b,);
