<?php
include 'index.inc';
echo legacy_connect() ? 1 : 0, exif_tagname(271), jdtogregorian(gregoriantojd(1, 1, 2020)), "\n";
