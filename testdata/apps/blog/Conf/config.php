<?php
// The configuration of the blog. In the compiled application this is the last
// piece, and what requiring that file gives back.
return array(
    'SITE_NAME'        => 'Marginalia',
    'SITE_LINE'        => 'Notes on print, code and weather',
    'SITE_URL'         => 'http://marginalia.example',
    'AUTHOR'           => 'Ines Halloran',
    'POSTS_PER_PAGE'   => 4,
    'Words_Per_Minute' => 220,
    'THEME'            => array('Accent' => '#a4462c', 'accentDark' => '#e39a76'),
    'URL_ROUTES'       => array(
        '#^post/(\d+)$#'         => array('Post', 'read', 'id'),
        '#^tag/([a-z]+)$#'       => array('Tag', 'show', 'name'),
        '#^page/(\d+)$#'         => array('Index', 'index', 'page'),
        '#^archive/(\d{4})$#'    => array('Archive', 'index', 'year'),
    ),
    'MENU'             => array('' => 'Posts', 'archive' => 'Archive', 'tag' => 'Tags', 'about' => 'About'),
);
