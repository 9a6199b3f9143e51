<?php
return array(
    'Home\Five'  => APP_PATH . 'Five.php',
    'Think\Log' => APP_PATH . 'Log.php', // in the place of the framework's
);
