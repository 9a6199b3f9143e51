<?php
class Place { const DIR = __DIR__; public $file = __FILE__; public $view = __DIR__ . '/page.tpl'; }
$place = new Place;
echo basename(Place::DIR), ' ', basename($place->file), ' ', basename(dirname($place->view));
