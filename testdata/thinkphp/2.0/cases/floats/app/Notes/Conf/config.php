<?php
return array(
    'SITE_NAME' => 'floats',
    'notes'     => array(0.1, 5.0, -0.0, 1e25, 1.5e-7, 100000000000000000000.0, 1 / 3, 123456789.12345678),
);
