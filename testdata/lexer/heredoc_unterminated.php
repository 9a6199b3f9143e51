<?php
<<<A
a
$b