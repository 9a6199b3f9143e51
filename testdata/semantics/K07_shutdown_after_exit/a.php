<?php
register_shutdown_function(function () { var_dump(class_exists('Later', false)); });
