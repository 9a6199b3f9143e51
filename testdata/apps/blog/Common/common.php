<?php
/**
 * Functions of the blog.
 */

/** "2009-03-14" as "14 March 2009". */
function long_date($date)
{
    return gmdate('j F Y', strtotime($date . ' 00:00:00 UTC'));
}

/** How long it takes to read a text, in minutes, at least one. */
function reading_time($text)
{
    $words = count(preg_split('/\s+/', trim($text)));
    return max(1, (int) round($words / C('words_per_minute')));
}

/** "1 post", "2 posts". */
function counted($count, $noun)
{
    return $count . ' ' . $noun . ($count == 1 ? '' : 's');
}

//[RUNTIME]
// A slip in the data is easier to see here than in a page that looks odd.
function check_post($name, $post)
{
    foreach (array('title', 'date', 'tags') as $field) {
        if (empty($post[$field])) {
            throw_exception("post {$name} has no {$field}");
        }
    }
}
//[/RUNTIME]

/** What stands in the head of each page. */
function meta_tags($title, $description)
{
    $site = h(C('SITE_NAME'));
    $title = $title === '' ? $site : h($title) . ' · ' . $site;
    $description = h($description);
    $feed = h(U('feed'));
    return <<<HTML
<title>$title</title>
<meta name="description" content="{$description}">
<link rel="alternate" type="application/atom+xml" title="$site" href="{$feed}">
HTML;
}
