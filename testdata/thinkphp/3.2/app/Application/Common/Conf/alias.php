<?php
return array('Home\Page' => APP_PATH . 'Home/Page' . EXT);
