<?php
require_once dirname(__FILE__) . '/composer/autoload_real.php';
return ComposerAutoloaderInitOfACase::getLoader();
