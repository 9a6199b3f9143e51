<?php
/**
 * Templates are PHP files; the layout is one that is given $content.
 *
 * This file has CRLF line ends.
 */
class View
{
    private $variables = array();

    private $layout = null;

    public function assign($name, $value)
    {
        $this->variables[$name] = $value;
    }

    /** Chooses another layout than TMPL_LAYOUT; '' for none. */
    public function layout($name)
    {
        $this->layout = $name;
    }

    public function page($template)
    {
        $content = $this->fetch($template, $this->variables);
        $layout = $this->layout === null ? C('TMPL_LAYOUT') : $this->layout;
        return $layout === '' ? $content : $this->fetch($layout, array('content' => $content) + $this->variables);
    }

    public function fetch($template, $variables)
    {
        $__file = TMPL_PATH . $template . C('TMPL_SUFFIX');
        if (!is_file($__file)) {
            throw_exception("there is no template \"{$template}\"");
        }
        unset($template);
        extract($variables, EXTR_SKIP);
        ob_start();
        include $__file;
        return ob_get_clean();
    }
}
