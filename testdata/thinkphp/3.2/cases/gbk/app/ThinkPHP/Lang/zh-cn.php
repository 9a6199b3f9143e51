<?php
return array('welcome' => ' gс╜│М╣╫', 'Back' => 'М\\', 'сОят' => 'жпнд');
