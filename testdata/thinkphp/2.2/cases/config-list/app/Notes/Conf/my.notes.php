<?php
return array('A' => 1);
