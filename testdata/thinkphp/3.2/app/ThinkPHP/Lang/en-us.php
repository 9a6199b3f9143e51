<?php
return array(
    '_Not_Found_' => "can't be found",
    'welcome'     => 'Welcome to',
);
