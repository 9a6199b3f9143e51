<?php
echo 'helper of ', include 'x_side.php';
