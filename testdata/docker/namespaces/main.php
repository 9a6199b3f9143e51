<?php
namespace Acme;
require __DIR__ . '/src/functions.php';
echo imagecreate(), bcadd('1'), \get_class(new Collator), LDAP_OPT_DEREF, "\n";
