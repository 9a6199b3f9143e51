#!/usr/bin/php
<?php
echo 'tool ';
