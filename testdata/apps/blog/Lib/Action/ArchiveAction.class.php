<?php
class ArchiveAction extends BaseAction
{
    public function index()
    {
        $year = $this->argument('year');
        $years = array();
        foreach (M('Post')->all() as $post) {
            $of = substr($post['date'], 0, 4);
            if ($year === '' || $year === $of) {
                $years[$of][] = $post;
            }
        }
        if (!$years) {
            return $this->missing();
        }
        $this->assign('here', 'archive');
        $this->assign('title', L('ARCHIVE') . ($year === '' ? '' : " of $year"));
        $this->assign('years', $years);
        $this->display('Archive/index');
    }
}
