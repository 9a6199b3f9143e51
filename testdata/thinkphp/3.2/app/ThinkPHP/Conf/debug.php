<?php
return array('SHOW_ERROR_MSG' => true);
