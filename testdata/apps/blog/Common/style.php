<?php
// The style sheet. It is a nowdoc, so that "$" and "{" mean nothing in it, and
// it is sent within the page: one request shows everything.
function style_sheet()
{
    $theme = C('THEME');
    $css = <<<'CSS'
:root {
  --paper: #fbf8f2; --ink: #2a2521; --soft: #75695d; --rule: #e5dccd; --accent: $accent;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #1d1a17; --ink: #e8e0d5; --soft: #a3978a; --rule: #38322c; --accent: $dark }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 18px/1.65 var(--serif) }
.wrap { max-width: 38rem; margin: 0 auto; padding: 0 1.4rem }
a { color: inherit; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em }
a:hover { color: var(--accent) }

/* // The head of the page. Not a PHP comment, nor is # this. */
.top { padding: 3.4rem 0 1.3rem; border-bottom: 1px solid var(--rule); margin-bottom: 2.6rem }
.top .name { font-size: 2.1rem; letter-spacing: -.01em; text-decoration: none; line-height: 1.1 }
.top .name::after { content: "."; color: var(--accent) }
.top .line { margin: .25rem 0 1.1rem; color: var(--soft); font-style: italic }
nav a { margin-right: 1.15rem; font-size: .82rem; letter-spacing: .06em; text-transform: uppercase; text-decoration: none; color: var(--soft) }
nav a.here { color: var(--accent) }

h1 { font-weight: normal; font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em }
h2 { font-weight: normal; font-size: 1.35rem; line-height: 1.3; margin: 2.2rem 0 .4rem }
.meta { color: var(--soft); font-size: .85rem; margin: 0 0 1.4rem }
.entry { margin-bottom: 2.6rem }
.entry h2 { font-size: 1.55rem; margin: 0 }
.entry h2 a { text-decoration: none }
.entry p { margin: .3rem 0 0 }
.entry .meta { margin: .15rem 0 .5rem }
.prose > p:first-child::first-letter { float: left; font-size: 3.35em; line-height: .82; padding: .07em .09em 0 0; color: var(--accent) }
blockquote { margin: 1.6rem 0; padding-left: 1.2rem; border-left: 2px solid var(--accent); color: var(--soft); font-style: italic }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .82em }
code { background: var(--rule); padding: .1em .3em; border-radius: 3px }
pre { background: var(--rule); padding: 1rem 1.2rem; overflow-x: auto; border-radius: 4px; line-height: 1.5 }
pre code { background: none; padding: 0; font-size: 1em }
.tag { display: inline-block; font-size: .8rem; padding: .05rem .65rem; margin: 0 .35rem .35rem 0; border: 1px solid var(--rule); border-radius: 1rem; text-decoration: none; color: var(--soft) }
.tag b { font-weight: normal; color: var(--accent); margin-left: .3em }
.turn { display: flex; justify-content: space-between; gap: 2rem; margin: 3rem 0 0; padding-top: 1.2rem; border-top: 1px solid var(--rule); font-size: .9rem }
.years { list-style: none; padding: 0; margin: .4rem 0 }
.years li { display: flex; gap: 1.2rem; padding: .4rem 0; border-bottom: 1px dotted var(--rule) }
.years time { color: var(--soft); font-size: .85rem; min-width: 8.2rem; padding-top: .12rem }
.lost { font-size: 5rem; line-height: 1; color: var(--accent); margin: 0 }
footer { margin: 4rem 0 3rem; padding-top: 1.2rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .82rem }
CSS;
    return strtr($css, array('$accent' => $theme['Accent'], '$dark' => $theme['accentDark']));
}
