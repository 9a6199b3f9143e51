<?php
if (!isset($argv[99])) {
    return;
}
class P implements Countable
{
    #[ReturnTypeWillChange]
    function count()
    {
        return 0;
    }
}
