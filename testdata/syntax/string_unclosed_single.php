<?php
$a = 'text;
