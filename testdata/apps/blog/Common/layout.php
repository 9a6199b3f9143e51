<?php
/**
 * Pieces of the layout that are HTML first.
 *
 * This file has CRLF line ends, which reach the page, and a closing tag.
 */

function site_head($here)
{
    ?>
<header class="top"><div class="wrap">
<a class="name" href="<?php echo h(U()) ?>"><?php echo h(C('SITE_NAME')) ?></a>
<p class="line"><?php echo h(C('SITE_LINE')) ?></p>
<nav>
<?php foreach (C('MENU') as $path => $name): ?>
<a href="<?php echo h(U($path)) ?>"<?php if ($path === $here) { ?> class="here"<?php } ?>><?php echo h($name) ?></a>
<?php endforeach; // and so ends the menu ?>
</nav>
</div></header>
<?php
}

function site_foot()
{
    $author = h(C('AUTHOR'));
    $feed = h(U('feed'));
    $gbk = h(U('about/gbk'));
    echo <<<"FOOT"
<footer>
Written by {$author}. There is a <a href="$feed">feed</a>,
and a page <a href="{$gbk}">in Chinese</a>, sent as GBK.
</footer>

FOOT;
}
?>
