<?php
enum A { public $b; }
