<?php
return array(
    'SITE_NAME' => "It's a \"site\"",
    'url_model' => 2, // instead of the framework's
    'Db_Pwd'    => 'pass\word',
    'NOTHING'   => null,
    'Routes'    => array('Blog/:id' => array('Blog/read', 'status=1'), 7 => true),
);
