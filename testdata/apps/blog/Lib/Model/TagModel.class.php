<?php
class TagModel
{
    /** @return array how many posts have each tag, by tag */
    public function counts()
    {
        $counts = array();
        foreach (M('Post')->all() as $post) {
            foreach ($post['tags'] as $tag) {
                $counts[$tag] = isset($counts[$tag]) ? $counts[$tag] + 1 : 1;
            }
        }
        ksort($counts);
        return $counts;
    }

    /** @return array the posts that have a tag */
    public function posts($tag)
    {
        $posts = array();
        foreach (M('Post')->all() as $id => $post) {
            if (in_array($tag, $post['tags'], true)) {
                $posts[$id] = $post;
            }
        }
        return $posts;
    }
}
