<?php
// Functions and classes of its own, which are called as those of extensions.
namespace Acme;
function imagecreate(): string
{
    return 'own';
}
function bcadd(string $a): string
{
    return $a;
}
class Collator
{
}
const LDAP_OPT_DEREF = 1;
