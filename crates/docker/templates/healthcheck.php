<?php
// Asks the server in this container whether it answers, and ends with 1 if not. With a
// path, such as `/about`, prints the answer to a request for it. HEALTH_URL says where the
// server is: http://127.0.0.1:8080/, or fastcgi://127.0.0.1:9000/ping for PHP-FPM, which
// asks FPM itself and not the application.

function fastcgi($url, $parameters)
{
    $socket = @fsockopen($url['host'], $url['port'], $code, $message, 3);
    if (!$socket) {
        return '';
    }
    stream_set_timeout($socket, 5);
    $record = function ($type, $body) {
        return pack('CCnnCx', 1, $type, 1, strlen($body), 0) . $body;
    };
    $length = function ($text) {
        return strlen($text) < 128 ? chr(strlen($text)) : pack('N', strlen($text) | 0x80000000);
    };
    $pairs = '';
    foreach ($parameters as $name => $value) {
        $pairs .= $length($name) . $length($value) . $name . $value;
    }
    // A request for a responder: its parameters, and an empty body.
    fwrite($socket, $record(1, pack('nCx5', 1, 0)) . $record(4, $pairs) . $record(4, '') . $record(5, ''));
    $answer = '';
    while (strlen($head = (string) stream_get_contents($socket, 8)) === 8) {
        $head = unpack('Cversion/Ctype/nid/nlength/Cpadding', $head);
        $body = $head['length'] > 0 ? stream_get_contents($socket, $head['length']) : '';
        if ($head['padding'] > 0) {
            stream_get_contents($socket, $head['padding']);
        }
        if ($head['type'] === 6) {
            $answer .= $body;
        } elseif ($head['type'] === 3) {
            break;
        }
    }
    return $answer;
}

$url = parse_url(getenv('HEALTH_URL'));
$path = isset($argv[1]) ? $argv[1] : $url['path'];
if ($url['scheme'] === 'fastcgi') {
    $script = isset($argv[1]) ? getenv('HEALTH_SCRIPT') : $path;
    $answer = fastcgi($url, array(
        'REQUEST_METHOD' => 'GET',
        'REQUEST_URI' => $path,
        'QUERY_STRING' => (string) parse_url($path, PHP_URL_QUERY),
        'SCRIPT_NAME' => isset($argv[1]) ? '/' . basename($script) : $path,
        'SCRIPT_FILENAME' => $script,
        'DOCUMENT_ROOT' => dirname($script),
        'SERVER_PROTOCOL' => 'HTTP/1.1',
        'SERVER_NAME' => 'localhost',
        'SERVER_PORT' => '80',
        'REMOTE_ADDR' => '127.0.0.1',
    ));
    // FPM says nothing of the status if it is 200.
    $status = preg_match('/^Status: (\d+)/mi', $answer, $match) ? (int) $match[1] : ($answer === '' ? 0 : 200);
} else {
    $context = stream_context_create(array('http' => array('ignore_errors' => true, 'timeout' => 5)));
    $body = @file_get_contents("http://{$url['host']}:{$url['port']}$path", false, $context);
    $answer = $body === false ? '' : implode("\r\n", $http_response_header) . "\r\n\r\n" . $body;
    $status = preg_match('/^HTTP\/\S+ (\d+)/', $answer, $match) ? (int) $match[1] : 0;
}
if (isset($argv[1])) {
    echo $answer;
}
exit($status >= 200 && $status < 500 ? 0 : 1);
