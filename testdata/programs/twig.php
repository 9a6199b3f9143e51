<?php

// Renders 50 templates, strictly and not, from files and from memory.

use Twig\{Environment, Extension, Loader};

$templates = [
    'base' => '<h1>{% block t %}base{% endblock %}</h1>{% block b %}{% endblock %}',
    'child' => "{% extends 'base' %}{% block t %}{{ parent() }} {{ name|upper|e }}{% endblock %}{% block b %}{% for i in 1..5 %}{{ loop.index }}{{ i is even ? 'e' : 'o' }}{% else %}none{% endfor %}{% endblock %}",
    'macro' => "{% macro m(a, b = 2) %}[{{ a }}{{ b }}]{% endmacro %}{% import _self as s %}{{ s.m(1) }}{{ s.m('<', 3) }}{% set x %}cap{% endset %}{{ x }}{{ include('base') }}",
    'filters' => "{{ {a: 1}|json_encode }}{{ '2020-01-02'|date('Y') }}{{ [3,1,2]|sort|join(',') }}{{ 'a b'|split(' ')|length }}{{ 'x'|default('y') }}{{ [1,2,3]|reduce((c, v) => c + v) }}",
    'tests' => "{{ dump is defined }}{{ x.y is empty }}{{ 5 is divisible by(2) }}{{ name matches '/^a/' }}{{ 1 <=> 2 }}",
    'sandbox' => "{% sandbox %}{% include 'base' %}{% endsandbox %}{% apply upper %}{{ name }}{% endapply %}",
    'embed' => "{% embed 'base' %}{% block t %}embedded{% endblock %}{% endembed %}{% with {a: 1} %}{{ a }}{% endwith %}",
    'functions' => "{{ max(1, 5) }}{{ range(1, 3)|join }}{{ cycle(['a', 'b'], 3) }}{{ attribute(x, 'y')|length }}{{ constant('PHP_INT_SIZE') }}",
    'err1' => '{{ undefined_fn() }}',
    'err2' => '{% if %}',
    'err3' => "line one\n{{ nope.deeper }}",
    'err4' => '{% for %}',
    'err5' => "{% extends 'missing' %}",
];
while (count($templates) < 50) {
    $number = count($templates);
    $templates["t$number"] = "{% for k, v in [$number, 'a\"b', name] %}{{ k }}={{ v|e('html_attr') }}|{{ v|e('js') }};{% endfor %}{{ $number ** 2 }}{{ $number b-and 6 }}{{ name[:$number] }}";
}
foreach ([true, false] as $strict) {
    $twig = new Environment(new Loader\ArrayLoader($templates), ['strict_variables' => $strict, 'debug' => true]);
    $twig->addExtension(new Extension\DebugExtension());
    $twig->addExtension(new Extension\StringLoaderExtension());
    $policy = new Twig\Sandbox\SecurityPolicy(['block'], ['upper'], [], [], []);
    $twig->addExtension(new Extension\SandboxExtension($policy));
    foreach (array_keys($templates) as $name) {
        try {
            echo $name, ': ', $twig->render($name, ['name' => 'a&b', 'x' => ['y' => []]]), "\n";
        } catch (Twig\Error\Error $error) {
            echo get_class($error), ' ', $error->getMessage(), "\n";
        }
    }
}
