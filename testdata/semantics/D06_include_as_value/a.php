<?php
return ['host' => 'localhost', 'port' => 81];
