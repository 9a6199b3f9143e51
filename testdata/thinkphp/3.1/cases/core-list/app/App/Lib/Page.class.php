<?php
class Page { public $rows = 10; }
