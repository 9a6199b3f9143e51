<?php
$settings = call_user_func('yaml_parse', "a: 1\n");
echo $settings['a'], constant('LDAP_OPT_DEREF'), implode(',', array_map('\gmp_strval', [1])), "\n";
