<?php
$shared = require 'shared.php';
return array_merge($shared, array(
    APP_DEBUG => false,
    TMPL_PARSE_STRING => array(__CSS__ => './Public/css'),
    'note_types' => array(array('name' => 'plain', id => 5)),
    'mixed' => yes,
));
