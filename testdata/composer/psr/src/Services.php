<?php

declare(strict_types=1);

namespace App;

use App\Handler\Dispatch;
use App\Middleware\Errors;
use App\Middleware\Times;
use Monolog\Formatter\LineFormatter;
use Monolog\Handler\TestHandler;
use Monolog\Logger;
use Nyholm\Psr7\Factory\Psr17Factory;
use Pimple\Container;
use Pimple\Psr11\Container as Services11;
use Psr\Container\ContainerInterface;

final class Services
{
    private Container $container;

    public function __construct()
    {
        $this->container = new Container();
        $this->container['factory'] = fn () => new Psr17Factory();
        $this->container['log.handler'] = function () {
            $handler = new TestHandler();
            $handler->setFormatter(new LineFormatter("%level_name%: %message% %context%\n"));
            return $handler;
        };
        $this->container['log'] = fn (Container $it) => new Logger('app', [$it['log.handler']]);
        $this->container['dispatch'] = fn (Container $it) => new Dispatch($it['factory'], $it['log']);
        $this->container['errors'] = fn (Container $it) => new Errors($it['factory'], $it['log']);
        $this->container['times'] = fn (Container $it) => new Times($it['log.handler']);
    }

    public function container(): ContainerInterface
    {
        return new Services11($this->container);
    }

    public function stack(): RequestHandler
    {
        $services = $this->container();
        $middlewares = [$services->get('times'), $services->get('errors')];
        return new Stack($middlewares, $services->get('dispatch'));
    }
}
