<?php class TrimBehavior extends Behavior { function run(&$params) { $params = trim($params); } }
