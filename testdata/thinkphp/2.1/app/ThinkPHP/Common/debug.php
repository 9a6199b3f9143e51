<?php
return array(
    'LOG_RECORD' => true,
);
