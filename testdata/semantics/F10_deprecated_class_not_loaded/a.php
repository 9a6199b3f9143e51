<?php
class Pages implements IteratorAggregate {
    public function getIterator() { return new EmptyIterator; }
    public function turn($by = 1, $from) {}
}
