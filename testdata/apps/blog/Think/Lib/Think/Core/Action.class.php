<?php
/**
 * What all actions have: arguments, template variables, a page to send.
 */
abstract class Action
{
    protected $arguments = array();

    protected $view = null;

    public function __construct($arguments = array())
    {
        $this->arguments = $arguments;
        $this->view = new View();
        $this->_initialize();
    }

    /** For the application to fill in. */
    protected function _initialize()
    {
    }

    protected function argument($name, $default = '')
    {
        return isset($this->arguments[$name]) ? $this->arguments[$name] : $default;
    }

    protected function assign($name, $value)
    {
        $this->view->assign($name, $value);
    }

    protected function display($template, $status = 200, $charset = '')
    {
        $charset === '' and $charset = C('DEFAULT_CHARSET');
        $page = $this->view->page($template);
        http_response_code($status);
        header('Content-Type: text/html; charset=' . $charset);
        echo $page;
    }

    protected function send($text, $type)
    {
        header('Content-Type: ' . $type);
        echo $text;
    }
}
