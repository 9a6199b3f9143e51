<?php
namespace App;
function trace() { return 'app'; }
echo trace(), ' then ';
