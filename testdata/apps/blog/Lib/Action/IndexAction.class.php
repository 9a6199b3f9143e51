<?php
class IndexAction extends BaseAction
{
    public function index()
    {
        $posts = M('Post')->all();
        $pager = new Pager(count($posts), C('POSTS_PER_PAGE'), $this->argument('page', 1));
        if (!$pager->exists()) {
            return $this->missing();
        }
        $this->assign('here', '');
        $this->assign('pager', $pager);
        $this->assign('posts', $pager->cut($posts));
        $this->display('Index/index');
    }
}
