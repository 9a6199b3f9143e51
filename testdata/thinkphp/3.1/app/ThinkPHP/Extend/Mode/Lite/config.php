<?php
return array('LITE' => true, 'URL_MODEL' => 0);
