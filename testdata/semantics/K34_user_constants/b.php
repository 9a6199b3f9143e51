<?php
echo implode(',', array_keys(get_defined_constants(true)['user']));
