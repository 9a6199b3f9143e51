<?php
class View { public $title = 'Home'; function show() { LOAD; } }
(new View)->show();
