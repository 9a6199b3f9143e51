<?php
$theme = 'dark';
