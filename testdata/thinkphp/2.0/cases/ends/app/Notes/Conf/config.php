<?php
if (!is_file('./install.lock')) {
    exit('install first');
}
return array('SITE_NAME' => 'Notes');
