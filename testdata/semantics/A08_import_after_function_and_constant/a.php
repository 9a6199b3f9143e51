<?php
namespace App;
const LEVEL = 'high';
function trace() { return 'app'; }
echo trace(), ' ', LEVEL, "\n";
