<?php
const SITE = 'computed';
$rules = ['a' => 1] + ['a' => 2, 'b' => 3];
$join = function (array $parts) use ($rules) {
    return implode('-', array_merge($parts, array_keys($rules)));
};
return [
    'SITE_NAME' => SITE,
    'dir'       => __DIR__,
    'rules'     => $rules + ['nested' => [[], [1, 2 ** 3, 'k' => null ?: 'else']]],
    'joined'    => $join(['x', 'y']),
    'class'     => 'Think' . '\\' . basename(CORE_PATH),
    'raw'       => <<<'RAW'
$not {read}
RAW
];
