<?php
// An extension in a default value, in a constant expression and behind a static call.
class Query
{
    const OPTIONS = [LDAP_OPT_PROTOCOL_VERSION => 3];
    public function __construct(public int $rounding = GMP_ROUND_ZERO)
    {
    }
    public function locale(): string
    {
        return Locale::getPrimaryLanguage('de_DE');
    }
}
$query = new Query;
echo count(Query::OPTIONS), $query->rounding, $query->locale(), "\n";
