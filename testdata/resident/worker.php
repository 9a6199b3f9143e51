<?php
// An application with state that leaks, and a worker that serves it.
//
//     php worker.php once USER               what a fresh process answers
//     php worker.php serve [RESETTER]        prints a port, and serves until its standard
//                                            input closes
//
// A request is a line with a user, the answer a line of JSON: what each of the leaks found,
// and in `memory` how much the worker needs.

$current = 'start';
foreach (['Properties', 'Inherited', 'functions'] as $file) {
    require __DIR__ . "/src/$file.php";
}
error_reporting(E_ALL);
date_default_timezone_set('UTC');
Leaks\Objects::boot();

const LEAKS = [
    'Leaks\Plain::$appended' => 'Leaks\Plain::appended',
    'Leaks\Plain::$caught' => 'Leaks\Plain::caught',
    'Leaks\Plain::$counted' => 'Leaks\Plain::counted',
    'Leaks\Plain::$element' => 'Leaks\Plain::element',
    'Leaks\Plain::$filled' => 'Leaks\Plain::filled',
    'Leaks\Plain::$keyed' => 'Leaks\Plain::keyed',
    'Leaks\Plain::$listed' => 'Leaks\Plain::listed',
    'Leaks\Plain::$looped' => 'Leaks\Plain::looped',
    'Leaks\Plain::$nested' => 'Leaks\Plain::nested',
    'Leaks\Plain::$removed' => 'Leaks\Plain::removed',
    'Leaks\Plain::$replaced' => 'Leaks\Names::ofAnother',
    'Leaks\Plain::$text' => 'Leaks\Plain::text',
    'Leaks\References::$assigned' => 'Leaks\References::assigned',
    'Leaks\References::$captured' => 'Leaks\References::captured',
    'Leaks\References::$handed' => 'Leaks\References::handed',
    'Leaks\References::$looped' => 'Leaks\References::looped',
    'Leaks\References::$pushed' => 'Leaks\References::pushed',
    'Leaks\References::$returned' => 'Leaks\References::returned',
    'Leaks\Typed::$list' => 'Leaks\Typed::list',
    'Leaks\Typed::$nullable' => 'Leaks\Typed::nullable',
    'Leaks\Typed::$number' => 'Leaks\Typed::number',
    'Leaks\Objects::$inside' => 'Leaks\Objects::inside',
    'Leaks\Objects::$object' => 'Leaks\Objects::object',
    'Leaks\CurrentUser::$instance' => 'Leaks\CurrentUser::get',
    'Leaks\Base::$byParent' => 'Leaks\Child::byParent',
    'Leaks\Base::$hidden' => 'Leaks\Base::hidden',
    'Leaks\Base::$late' => 'Leaks\Base::late',
    'Leaks\Base::$shared' => 'Leaks\Child::shared',
    'Leaks\Child::$hidden' => 'Leaks\Child::own',
    'Leaks\Child::$late' => 'Leaks\Child::late',
    'Leaks\First::$remembered' => 'Leaks\First::remember',
    'Leaks\Second::$remembered' => 'Leaks\Second::remember',
    'Leaks\Names::$byClass' => 'Leaks\Names::byClass',
    'Leaks\Names::$byName' => 'Leaks\Names::byName',
    'Leaks\variable()::$last' => 'Leaks\variable',
    'Leaks\Methods::variable()::$count' => 'Leaks\Methods::variable',
    'Leaks\Methods::closure(){closure}::$calls' => 'Leaks\Methods::closure',
    '$current' => 'Leaks\globalVariable',
    '$made' => 'Leaks\globalElement',
    '$_SERVER' => 'Leaks\superglobal',
    'LEAKS_USER' => 'Leaks\constant',
    'ini_set()' => 'Leaks\precision',
    'date_default_timezone_set()' => 'Leaks\timezone',
    'putenv()' => 'Leaks\environment',
    'set_error_handler()' => 'Leaks\handler',
    'error_reporting()' => 'Leaks\reporting',
    'umask()' => 'Leaks\mask',
];

function answer(string $user): array
{
    return array_map(function (string $leak) use ($user) {
        return $leak($user);
    }, LEAKS);
}

if ($argv[1] === 'once') {
    echo json_encode(answer($argv[2])), "\n";
    exit;
}

$resetter = null;
if (isset($argv[2])) {
    require $argv[2];
    $resetter = new Resetter(['Leaks\Objects::$inside']);
    $resetter->record();
}
$server = stream_socket_server('tcp://127.0.0.1:0');
echo stream_socket_get_name($server, false), "\n";
$clients = [];
while (true) {
    $ready = array_merge([$server, STDIN], $clients);
    $none = null;
    stream_select($ready, $none, $none, null);
    foreach ($ready as $stream) {
        if ($stream === STDIN) {
            exit;
        } elseif ($stream === $server) {
            $clients[] = stream_socket_accept($server);
            continue;
        }
        $line = fgets($stream);
        if ($line === false) {
            unset($clients[array_search($stream, $clients, true)]);
            continue;
        }
        $answer = answer(rtrim($line));
        if ($resetter !== null) {
            $resetter->reset();
        }
        fwrite($stream, json_encode($answer + ['memory' => memory_get_usage()]) . "\n");
    }
}
