<?php
return array('Home' => '/', 'HOME' => '/home', 5 => array('Sub' => 'X'), '7' => true);
