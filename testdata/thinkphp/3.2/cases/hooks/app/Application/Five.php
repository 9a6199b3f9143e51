<?php
namespace Home;
class Five { function run(&$params) {} }
