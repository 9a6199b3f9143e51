<?php
class Log
{
    // Levels
    const ERR   = 'ERR';   // an error
    const INFO  = 'INFO';
}
