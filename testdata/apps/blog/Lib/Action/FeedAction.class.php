<?php
class FeedAction extends BaseAction
{
    public function index()
    {
        $site = C('SITE_URL');
        $feed = new Feed();
        $updated = null;
        foreach (M('Post')->all() as $post) {
            $updated === null and $updated = $post['date'];
            $feed->add($post['title'], $site . U("post/{$post['id']}"), $post['date'], Markup::summary($post['body']));
        }
        $this->send($feed->text(C('SITE_NAME'), $site . '/', $updated), 'application/atom+xml; charset=utf-8');
    }
}
