<?php
echo 'a';
exit;
