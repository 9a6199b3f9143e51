<?php
/** Answers when there is no such module or action. */
class EmptyAction extends BaseAction
{
    public function index()
    {
        $this->missing();
    }
}
