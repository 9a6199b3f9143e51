<?php
/**
 * Turns the plain text of a post into HTML.
 *
 * Blocks are separated by empty lines. "## " begins a heading, "> " a
 * quotation, four blanks a piece of code; all else is a paragraph. Within a
 * line there are `code`, *emphasis* and [links](http://example.org/).
 */
class Markup
{
    public static function html($text)
    {
        $html = '';
        foreach (preg_split('/\n{2,}/', $text) as $block) {
            $html .= self::block($block) . "\n";
        }
        return $html;
    }

    /** The first paragraph, without markup, for lists and feeds. */
    public static function summary($text)
    {
        list($first) = explode("\n\n", $text);
        $first = preg_replace('#\[([^]]+)\]\([^)]+\)#', '$1', $first);
        return str_replace(array("\n", '*', '`'), array(' ', '', ''), $first);
    }

    private static function block($block)
    {
        switch (true) {
            case strpos($block, '## ') === 0:
                return '<h2>' . self::inline(substr($block, 3)) . '</h2>';
            case strpos($block, '> ') === 0:
                return '<blockquote><p>' . self::inline(preg_replace('/^> ?/m', '', $block)) . '</p></blockquote>';
            case strpos($block, '    ') === 0:
                return '<pre><code>' . h(preg_replace('/^ {4}/m', '', $block)) . '</code></pre>';
            default:
                return '<p>' . self::inline($block) . '</p>';
        }
    }

    private static function inline($text)
    {
        $text = h($text);
        $text = preg_replace_callback('/`([^`]+)`/', array('Markup', 'code'), $text);
        $text = preg_replace('/\*([^*]+)\*/', '<em>$1</em>', $text);
        return preg_replace('#\[([^]]+)\]\((https?://[^)\s]+)\)#', "<a href=\"\$2\">$1</a>", $text);
    }

    /** Emphasis has no meaning within code, so its mark is hidden as an entity. */
    public static function code($match)
    {
        return '<code>' . str_replace('*', '&#42;', $match[1]) . '</code>';
    }
}
