<?php

declare(strict_types=1);

namespace App;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;

/** As in PSR-15, which Debian does not have. */
interface RequestHandler
{
    public function handle(ServerRequestInterface $request): ResponseInterface;
}
