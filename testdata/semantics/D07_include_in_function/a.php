<?php
$mode = 'debug';
