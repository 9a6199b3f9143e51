<?php

declare(strict_types=1);

namespace App\Middleware;

use App\Middleware;
use App\RequestHandler;
use Monolog\Handler\TestHandler;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;

/** Says what was logged. */
final class Times implements Middleware
{
    public function __construct(private TestHandler $handler)
    {
    }

    public function process(ServerRequestInterface $request, RequestHandler $handler): ResponseInterface
    {
        $response = $handler->handle($request);
        $lines = array_map(fn ($record) => trim($record['formatted']), $this->handler->getRecords());
        return $response->withHeader('X-Log', $lines ?: ['none']);
    }
}
