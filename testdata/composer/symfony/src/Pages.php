<?php

namespace App;

use Twig\Environment;
use Twig\Loader\FilesystemLoader;
use Twig\TwigFilter;

/** Templates, which Twig compiles once. */
final class Pages
{
    private Environment $twig;

    public function __construct()
    {
        $root = dirname(__DIR__);
        $this->twig = new Environment(new FilesystemLoader($root . '/templates'), [
            'cache' => $root . '/var/twig',
            'auto_reload' => false,
        ]);
        $this->twig->addFilter(new TwigFilter('price', fn (int $cents) => number_format($cents / 100, 2)));
    }

    public function render(string $name, array $values): string
    {
        return $this->twig->render($name, $values);
    }
}
