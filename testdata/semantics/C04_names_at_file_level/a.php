<?php
var_dump(__FUNCTION__, __METHOD__, __CLASS__, __NAMESPACE__);
