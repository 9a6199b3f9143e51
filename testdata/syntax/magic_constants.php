<?php
$a = array(__LINE__, __FILE__, __CLASS__, __FUNCTION__, __METHOD__);
