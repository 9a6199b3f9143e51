<?php
/* This file has CRLF line ends and no empty line at its end. */
class TagAction extends BaseAction
{
    public function index()
    {
        $this->assign('here', 'tag');
        $this->assign('title', L('ALL_TAGS'));
        $this->assign('counts', M('Tag')->counts());
        $this->display('Tag/index');
    }

    public function show()
    {
        $tag = $this->argument('name');
        $posts = M('Tag')->posts($tag);
        if (!$posts) {
            return $this->missing();
        }
        $this->assign('here', 'tag');
        $this->assign('title', "Posts about {$tag}");
        $this->assign('posts', $posts);
        $this->display('Tag/show');
    }
}