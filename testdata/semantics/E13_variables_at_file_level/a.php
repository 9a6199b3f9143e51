<?php
echo implode(' ', array_keys(get_defined_vars())), ' ', http_build_query(compact('user'));
