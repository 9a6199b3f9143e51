<?php
namespace Inner {
    class Depth { const METRES = 11; }
}
namespace {
    echo 'depth ', \Inner\Depth::METRES;
}
