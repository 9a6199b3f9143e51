<?php
defined('ROOT') or exit('not like this');
echo 'plugin';
