<?php
namespace Acme\Store;
class Store
{
    public static function sum(): string
    {
        return gmp_strval(gmp_add(1, 2)) . \bcadd('1', '1');
    }
}
class RedisStore
{
    public function __construct(private \Redis $redis = new \Redis)
    {
    }
}
