<?php
echo class_exists('B', false) ? 'B is there' : 'B comes later', "\n";
class B extends Q
{
}
echo 'b.php ends', "\n";
