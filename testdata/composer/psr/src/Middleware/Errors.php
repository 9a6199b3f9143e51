<?php

declare(strict_types=1);

namespace App\Middleware;

use App\Handler\NotFound;
use App\Middleware;
use App\RequestHandler;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Log\LoggerInterface;

final class Errors implements Middleware
{
    public function __construct(private ResponseFactoryInterface $responses, private LoggerInterface $log)
    {
    }

    public function process(ServerRequestInterface $request, RequestHandler $handler): ResponseInterface
    {
        try {
            return $handler->handle($request);
        } catch (NotFound $error) {
            $this->log->warning('not found', ['path' => $request->getUri()->getPath()]);
            $response = $this->responses->createResponse(404);
        } catch (\TypeError $error) {
            $this->log->error('a mistake of a type');
            $response = $this->responses->createResponse(422);
        }
        $response->getBody()->write(get_class($error) . "\n");
        return $response;
    }
}
