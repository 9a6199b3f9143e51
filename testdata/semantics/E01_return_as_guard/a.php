<?php
if (extension_loaded('standard')) return;
echo 'substitute, ';
