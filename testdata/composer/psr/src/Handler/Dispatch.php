<?php

declare(strict_types=1);

namespace App\Handler;

use App\RequestHandler;
use FastRoute\Dispatcher;
use FastRoute\RouteCollector;
use Nyholm\Psr7\Factory\Psr17Factory;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Log\LoggerInterface;

use function FastRoute\simpleDispatcher;

final class Dispatch implements RequestHandler
{
    public function __construct(private Psr17Factory $factory, private LoggerInterface $log)
    {
    }

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        $dispatcher = simpleDispatcher(function (RouteCollector $routes) {
            $routes->addRoute('GET', '/', fn () => "welcome\n");
            $routes->addRoute('GET', '/twice/{word}', fn (string $word) => "$word $word\n");
            $routes->addRoute('GET', '/half/{number:\d+}', fn (int $number) => intdiv($number, 2) . "\n");
        });
        $found = $dispatcher->dispatch($request->getMethod(), $request->getUri()->getPath());
        if ($found[0] !== Dispatcher::FOUND) {
            throw new NotFound();
        }
        $this->log->info('found', ['query' => $request->getQueryParams()]);
        // A number is a string in a path, and this file is strict.
        $text = $found[1](...array_values($found[2]));
        $response = $this->factory->createResponse()->withHeader('Content-Type', 'text/plain; charset=utf-8');
        return $response->withBody($this->factory->createStream($text));
    }
}
