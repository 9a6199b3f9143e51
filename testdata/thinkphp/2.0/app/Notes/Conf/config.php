<?php
return array(
    'SITE_NAME'    => "It's \"Notes\" \\ 1",
    'url_model'    => 2, // replaces, in the place of the first
    'DB_PORT'      => 3306,
    'NOTHING'      => null,
    'Notes'        => array(
        'First' => array('id' => 1, 'on' => true),
        3       => "two\nlines",
        'x'     => array(),
    ),
    'LOG_EXCEPTION_RECORD' => false,
);
