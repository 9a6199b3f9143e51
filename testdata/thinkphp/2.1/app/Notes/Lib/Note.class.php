<?php
class Note extends Think
{
    public $text = 'a  b'; // two blanks
}
?>
