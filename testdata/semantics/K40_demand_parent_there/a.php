<?php
echo class_exists('A', false) ? 'A is there' : 'A comes later', "\n";
class A extends P
{
}
echo 'a.php ends', "\n";
