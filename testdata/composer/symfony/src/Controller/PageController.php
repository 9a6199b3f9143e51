<?php

namespace App\Controller;

use App\Item;
use App\Pages;
use Symfony\Component\HttpFoundation\Cookie;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Exception\NotFoundHttpException;

final class PageController
{
    public function home(Request $request): Response
    {
        $name = $request->query->get('name', 'you');
        $response = new Response((new Pages())->render('home.html.twig', ['name' => $name]));
        $response->headers->setCookie(Cookie::create('seen', '1'));
        return $response;
    }

    public function items(int $count): Response
    {
        if ($count > 100) {
            throw new NotFoundHttpException("$count are too many");
        }
        $items = array_map(fn (int $id) => new Item($id, "item $id"), range(1, $count));
        return new Response((new Pages())->render('items.html.twig', ['items' => $items]));
    }

    public function data(string $name): Response
    {
        return new JsonResponse(['name' => $name, 'len' => mb_strlen($name)]);
    }

    public function old(): Response
    {
        return new RedirectResponse('/', 301);
    }
}
