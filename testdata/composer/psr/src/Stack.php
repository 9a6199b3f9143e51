<?php

declare(strict_types=1);

namespace App;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;

final class Stack implements RequestHandler
{
    /** @param list<Middleware> $middlewares */
    public function __construct(private array $middlewares, private RequestHandler $last)
    {
    }

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        $first = $this->middlewares[0] ?? null;
        if ($first === null) {
            return $this->last->handle($request);
        }
        return $first->process($request, new self(array_slice($this->middlewares, 1), $this->last));
    }
}
