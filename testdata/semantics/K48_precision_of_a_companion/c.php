<?php
if (true) {
    function pi_of($name)
    {
        return $name . "=" . M_PI . " 2" . 0.123456789;
    }
}
echo pi_of("pi"), "\n";
