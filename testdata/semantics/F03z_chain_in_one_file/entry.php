<?php
ini_set('opcache.enable', '0');
LOAD;
