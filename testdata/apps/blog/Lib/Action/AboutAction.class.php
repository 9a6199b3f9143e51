<?php
class AboutAction extends BaseAction
{
    public function index()
    {
        if (isset($_GET['lang']) && $_GET['lang'] === 'gbk') {
            return $this->gbk();
        }
        $this->assign('here', 'about');
        $this->assign('title', L('ABOUT'));
        $this->assign('since', self::since());
        $this->display('About/index');
    }

    /** The same in Chinese: no UTF-8 may come into this page. */
    public function gbk()
    {
        $this->view->layout('');
        $this->display('About/gbk', 200, 'gbk');
    }

    private static function since()
    {
        $posts = M('Post')->all();
        $first = end($posts);
        return long_date($first['date']);
    }
}
