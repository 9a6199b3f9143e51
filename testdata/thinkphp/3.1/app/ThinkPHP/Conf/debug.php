<?php
return array('APP_STATUS' => 'debug');
