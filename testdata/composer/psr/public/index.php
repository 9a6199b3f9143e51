<?php

declare(strict_types=1);

use App\Emitter;
use App\Services;
use Nyholm\Psr7\ServerRequest;

require dirname(__DIR__) . '/vendor/autoload.php';

$request = new ServerRequest($_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI']);
$response = (new Services())->stack()->handle($request->withQueryParams($_GET));
(new Emitter())->emit($response);
