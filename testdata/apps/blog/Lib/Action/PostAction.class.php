<?php
class PostAction extends BaseAction
{
    public function index()
    {
        $this->missing();
    }

    public function read()
    {
        $id = (int) $this->argument('id');
        $post = M('Post')->one($id);
        if ($post === null) {
            return $this->missing();
        }
        $this->assign('title', $post['title']);
        $this->assign('description', Markup::summary($post['body']));
        $this->assign('post', $post);
        $this->assign('neighbours', M('Post')->neighbours($id));
        $this->display('Post/read');
    }

    /** The text as it was typed. */
    public function raw()
    {
        $post = M('Post')->one((int) $this->argument('id'));
        if ($post === null) {
            return $this->missing();
        }
        $tags = implode(' ', $post['tags']);
        $this->send(<<<TEXT
{$post['title']}
$post[date]  [$tags]

{$post['body']}

TEXT
            , 'text/plain; charset=utf-8');
    }
}
