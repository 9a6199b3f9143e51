<?php
return array('Page' => 'it goes to the line break');
