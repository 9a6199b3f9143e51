<?php namespace {function C($name = null, $value = null, $default = null) { static $config = array(); if (empty($name)) return $config; if (is_array($name)) { $config = array_merge($config, array_change_key_case($name, CASE_UPPER)); return; } if (!is_string($name)) return null; $name = strtoupper($name); if ($value === null) return isset($config[$name]) ? $config[$name] : $default; $config[$name] = $value; } function L($name = null) { static $words = array(); if (empty($name)) return $words; if (is_array($name)) $words = array_merge($words, array_change_key_case($name, CASE_UPPER)); else return isset($words[strtoupper($name)]) ? $words[strtoupper($name)] : $name; } function load_config($file) { switch (pathinfo($file, PATHINFO_EXTENSION)) { case 'ini': return parse_ini_file($file); case 'json': return json_decode(file_get_contents($file), true); default: return include $file; } }}namespace {function title() { return ' / ' . <<<THINK
"home"
THINK;
 }}namespace Think{ class Hook { static private $tags = array(); static public function import($data) { foreach ($data as $tag => $value) { if (!isset(self::$tags[$tag])) self::$tags[$tag] = array(); if (!empty($value['_overlay'])) { unset($value['_overlay']); self::$tags[$tag] = $value; } else { self::$tags[$tag] = array_merge(self::$tags[$tag], $value); } } } static public function get() { return self::$tags; } static public function listen($tag, &$params = null) { foreach (isset(self::$tags[$tag]) ? self::$tags[$tag] : array() as $name) { $hook = new $name(); $hook->run($params); } } }}namespace Think{ class App { static public function run() { Hook::listen('app_init'); echo L('welcome'), ' ', C('site_name'), title(), "\n"; } } }namespace Behavior{ class BuildLiteBehavior { public function run(&$params) { if (!defined('BUILD_LITE_FILE')) return; require_once '/srv/builder/3.2.php'; $builder = new \Builder32(); $builder->lite(); } }}namespace H{ function h() {} __halt_compiler(); data more}
namespace { Think\Think::addMap(array (
  'Think\\Log' => '/srv/app/ThinkPHP/Library/Think/Log.class.php',
  'Think\\Model' => '/srv/app/ThinkPHP/Library/Think/Model.class.php',
  'Home\\Page' => './Application/Home/Page.class.php',
));
L(array (
  '_NOT_FOUND_' => 'can\'t be found',
  'WELCOME' => 'Welcome to',
));
C(array (
  'APP_USE_NAMESPACE' => true,
  'DEFAULT_LANG' => 'en-US',
  'URL_MODEL' => 2,
  'DB_PARAMS' => 
  array (
    'Port' => 3306,
    0 => 'x',
  ),
  'DB_PWD' => 'pass\\word',
  'SITE_NAME' => 'It\'s a "site"',
  'NOTHING' => NULL,
  'ROUTES' => 
  array (
    'Blog/:id' => 
    array (
      0 => 'Blog/read',
      1 => 'status=1',
    ),
    7 => true,
  ),
));Think\Hook::import(array (
  'app_init' => 
  array (
    0 => 'Behavior\\BuildLiteBehavior',
  ),
  'app_end' => 
  array (
    0 => 'Home\\Bye',
  ),
  'app_begin' => 
  array (
    0 => 'Home\\Login',
    'key' => 'Home\\Log',
  ),
));}