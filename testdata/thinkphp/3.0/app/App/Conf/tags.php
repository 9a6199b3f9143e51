<?php
// Behaviours of the application are configuration, and not compiled.
return array('app_begin' => array('Login'));
