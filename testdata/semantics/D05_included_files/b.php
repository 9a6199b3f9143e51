<?php
echo count(preg_grep('~/a\.php$~', get_included_files())), ' found';
