<?php

namespace App;

use App\Controller\ErrorController;
use App\Controller\PageController;
use Symfony\Component\EventDispatcher\EventDispatcher;
use Symfony\Component\HttpFoundation\RequestStack;
use Symfony\Component\HttpKernel\Controller\ArgumentResolver;
use Symfony\Component\HttpKernel\Controller\ControllerResolver;
use Symfony\Component\HttpKernel\EventListener\ErrorListener;
use Symfony\Component\HttpKernel\EventListener\ResponseListener;
use Symfony\Component\HttpKernel\EventListener\RouterListener;
use Symfony\Component\HttpKernel\HttpKernel;
use Symfony\Component\Routing\Matcher\UrlMatcher;
use Symfony\Component\Routing\RequestContext;
use Symfony\Component\Routing\Route;
use Symfony\Component\Routing\RouteCollection;

/** What a framework would put together from configuration. */
final class Application
{
    public function routes(): RouteCollection
    {
        $routes = new RouteCollection();
        $add = function (string $name, string $path, array $requirements = []) use ($routes) {
            $controller = PageController::class . '::' . $name;
            $routes->add($name, new Route($path, ['_controller' => $controller], $requirements));
        };
        $add('home', '/');
        $add('items', '/items/{count}', ['count' => '\d+']);
        $add('data', '/data/{name}');
        $add('old', '/old');
        return $routes;
    }

    public function kernel(): HttpKernel
    {
        $requests = new RequestStack();
        $matcher = new UrlMatcher($this->routes(), new RequestContext());
        $dispatcher = new EventDispatcher();
        $dispatcher->addSubscriber(new RouterListener($matcher, $requests));
        $dispatcher->addSubscriber(new ResponseListener('UTF-8'));
        $dispatcher->addSubscriber(new ErrorListener([ErrorController::class, 'show']));
        return new HttpKernel($dispatcher, new ControllerResolver(), $requests, new ArgumentResolver());
    }
}
