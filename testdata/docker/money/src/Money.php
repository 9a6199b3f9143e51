<?php
// Says what is missing: it is needed all the same.
if (!extension_loaded('bcmath')) {
    throw new RuntimeException('bcmath is missing');
}
function total(string ...$amounts): string
{
    return array_reduce($amounts, 'bcadd', '0');
}
