<?php
L(array(
    'NEWER'        => '← Newer',
    'OLDER'        => 'Older →',
    'NOT_FOUND'    => 'This page is not in the book',
    'NOT_FOUND_P'  => 'It may have been torn out, or the address has a slip of the pen. The posts below are still where they were.',
    'ALL_TAGS'     => 'Tags',
    'ARCHIVE'      => 'Archive',
    'ABOUT'        => 'About',
    'MINUTES'      => 'min',
), 'en');
