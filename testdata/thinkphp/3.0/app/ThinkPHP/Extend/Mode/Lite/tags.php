<?php
// A key makes a file of the value.
return array('view_end' => array('Trim' => MODE_PATH . 'Lite/TrimBehavior.class.php', 'ShowRuntime', 'ShowRuntime'));
