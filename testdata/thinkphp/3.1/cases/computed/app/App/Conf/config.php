<?php
defined('THINK_PATH') or exit();
$base = include dirname(__FILE__) . '/base.php';
$sizes = array();
foreach (array('small' => 1, 'large' => 4) as $name => $factor) {
    $sizes[strtoupper($name)] = $factor * 25 . 'px';
}
if (!function_exists('with_prefix')) {
    function with_prefix($prefix, $names)
    {
        foreach ($names as $key => $name) $names[$key] = $prefix . ucfirst($name);
        return $names;
    }
}
switch (DIRECTORY_SEPARATOR) {
    case '/': $base['system'] = 'unix'; break;
    default:  $base['system'] = 'other';
}
$base['levels'][] = E_ALL & ~E_NOTICE | 1 << 4;
return array_merge($base, array(
    'SITE_NAME' => 'computed' . (APP_DEBUG ? ' (debug)' : ''),
    'here'      => __FILE__ . ':' . __LINE__,
    'root'      => realpath(APP_PATH . '..') . '/',
    'sizes'     => $sizes,
    'tables'    => with_prefix('tp_', explode(',', 'user,role')),
    'text'      => <<<EOT
{$base['system']} and "$base[version]"
EOT
,
    'script'    => $_SERVER['SCRIPT_NAME'] . basename($_SERVER['SCRIPT_FILENAME'], '.php'),
    'sprintf'   => sprintf('%05.2f|%-4s|%x', 3.14159, 'ab', 255),
    'md5'       => md5(PHP_EOL),
    'old'       => version_compare(PHP_VERSION, '5.3', '<'),
));
