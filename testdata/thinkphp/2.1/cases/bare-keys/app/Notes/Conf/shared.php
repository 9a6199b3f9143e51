<?php
return array('shared' => true, 'DB_PORT' => '3306');
