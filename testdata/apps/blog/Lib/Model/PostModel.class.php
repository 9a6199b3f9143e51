<?php
class PostModel extends Model
{
    protected $table = 'posts';

    private $posts = null;

    /** @return array all posts by id, the newest first */
    public function all()
    {
        if ($this->posts === null) {
            $this->posts = array();
            foreach ($this->select() as $name => $record) {
                //[RUNTIME]
                check_post($name, $record);
                //[/RUNTIME]
                $record['id'] = (int) $name;
                $record['tags'] = preg_split('/,\s*/', $record['tags']);
                $this->posts[$record['id']] = $record;
            }
            uasort($this->posts, array('PostModel', 'newer'));
        }
        return $this->posts;
    }

    public function one($id)
    {
        $posts = $this->all();
        return isset($posts[$id]) ? $posts[$id] : null;
    }

    /** @return array the posts before and after one, or nulls */
    public function neighbours($id)
    {
        $ids = array_keys($this->all());
        $at = array_search($id, $ids);
        return array(
            'newer' => $at > 0 ? $this->one($ids[$at - 1]) : null,
            'older' => isset($ids[$at + 1]) ? $this->one($ids[$at + 1]) : null,
        );
    }

    public static function newer($a, $b)
    {
        return strcmp($b['date'], $a['date']);
    }
}
