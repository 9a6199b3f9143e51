<?php
/**
 * What the pages of the blog have in common.
 */
abstract class BaseAction extends Action
{
    protected function _initialize()
    {
        $this->assign('here', null);
        $this->assign('title', '');
        $this->assign('description', C('SITE_LINE'));
    }

    /** The page for everything that is not there. */
    protected function missing()
    {
        $this->assign('here', null);
        $this->assign('title', L('NOT_FOUND'));
        $this->assign('posts', array_slice(M('Post')->all(), 0, 3, true));
        $this->display('Public/404', 404);
    }
}
