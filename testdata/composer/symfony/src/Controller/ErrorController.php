<?php

namespace App\Controller;

use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Exception\HttpExceptionInterface;

final class ErrorController
{
    public function show(\Throwable $exception): Response
    {
        $status = $exception instanceof HttpExceptionInterface ? $exception->getStatusCode() : 500;
        return new Response(get_class($exception) . ': ' . $exception->getMessage() . "\n", $status);
    }
}
