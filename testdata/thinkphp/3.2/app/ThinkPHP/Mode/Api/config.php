<?php return array('Limit' => 10);
