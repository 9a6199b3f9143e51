<?php
function connect(string $host): PDO
{
    return new PDO("mysql:host=$host;dbname=shop", 'shop', '', [PDO::ATTR_TIMEOUT => 1]);
}
try {
    connect('127.0.0.1:1');
} catch (PDOException $e) {
    // No server is there; without the driver it is another error.
    if (str_contains($e->getMessage(), 'could not find driver')) {
        throw $e;
    }
}
echo PDO::MYSQL_ATTR_INIT_COMMAND > 0 ? "connected\n" : '';
