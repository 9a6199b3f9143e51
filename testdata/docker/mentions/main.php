<?php
// Speaks of classes of extensions, and works without them.
use Redis as Server;
function describe(mixed $value, Server|null $server = null): ?Memcached
{
    try {
        if ($value instanceof GMP || is_a($value, \SoapClient::class)) {
            echo 'a number';
        }
    } catch (AMQPException | ImagickException $e) {
        echo Server::class;
    }
    return null;
}
describe(1);
echo "done\n";
