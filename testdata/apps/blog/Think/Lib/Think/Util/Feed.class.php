<?php
/**
 * An Atom feed.
 */
class Feed
{
    private $entries = array();

    public function add($title, $url, $date, $summary)
    {
        $title = h($title);
        $url = h($url);
        $summary = h($summary);
        $this->entries[] = <<<ENTRY
  <entry>
    <title>$title</title>
    <id>$url</id>
    <link href="{$url}"/>
    <updated>{$date}T00:00:00Z</updated>
    <summary>{$summary}</summary>
  </entry>

ENTRY;
    }

    public function text($title, $url, $updated)
    {
        return '<?xml version="1.0" encoding="utf-8"?' . ">\n"
            . "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
            . '  <title>' . h($title) . "</title>\n"
            . '  <id>' . h($url) . "</id>\n"
            . "  <updated>{$updated}T00:00:00Z</updated>\n"
            . implode('', $this->entries)
            . "</feed>\n";
    }
}
