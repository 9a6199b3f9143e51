<?php
echo 'settings of ', include './x_settings.php';
