<?php
/**
 * Cuts a list into pages.
 */
class Pager
{
    public $page;

    public $pages;

    private $size;

    public function __construct($total, $size, $page)
    {
        $this->size = $size;
        $this->pages = max(1, (int) ceil($total / $size));
        $this->page = (int) $page;
    }

    public function exists()
    {
        return $this->page >= 1 && $this->page <= $this->pages;
    }

    public function cut($list)
    {
        return array_slice($list, ($this->page - 1) * $this->size, $this->size);
    }
}
