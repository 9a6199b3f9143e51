<?php
return array(
    'Note' => array('Note', 'show', 'id'),
    'ALL'  => array('Note', 'index', ''),
);
