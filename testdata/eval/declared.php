<?php
return array(class_exists('stdClass'), class_exists('Exception'), class_exists('ArrayObject'), class_exists('Closure'));
return array(class_exists('Countable'), class_exists('ArrayAccess'), class_exists('Iterator'));
return array(interface_exists('Countable'), interface_exists('Traversable'), interface_exists('stdClass'));
interface DeclaredA {} return array(class_exists('DeclaredA'), interface_exists('declareda'), trait_exists('DeclaredA'));
trait DeclaredB {} return array(class_exists('DeclaredB'), interface_exists('DeclaredB'), trait_exists('DeclaredB'));
class DeclaredC {} return array(class_exists('\\DeclaredC'), class_exists('DeclaredC', false), interface_exists('DeclaredC'));
return array(class_exists(''), class_exists('a b'), class_exists('a-b'));
return array(extension_loaded('standard'), extension_loaded('PCRE'), extension_loaded('Date'));
return session_get_cookie_params();
return array(strip_tags('www.example.com'), strip_tags('a <b>c</b> d<br/>e'), strip_tags('1 > 0'));
return array(strip_tags('<a href=x>y</a>'), strip_tags("<p\n>z</p>"));
return array(strchr('user@example.com', '@'), strchr('abc', 'x'));
return array_merge(array(1), null);
return array_merge('a', array(1));
return array(version_compare('-INF', 'INF'), version_compare('-1', '1'), version_compare('5.2-beta', '5.2.-beta'), version_compare('5.3RC1', '5.3.0'), version_compare('.5', '5'), version_compare('5.', '5'));
return array(version_compare('5.3.0-dev', '5.3.0'), version_compare('5.3.0pl1', '5.3.0'), version_compare('+a', 'a'), version_compare('1a2', '1.a.2'));
return array(PDO::ATTR_CASE, PDO::CASE_NATURAL, \PDO::CASE_LOWER, pdo::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION, PDO::ATTR_PERSISTENT, PDO::FETCH_ASSOC, PDO::PARAM_STR, PDO::MYSQL_ATTR_INIT_COMMAND);
