<?php
function show($user, $role) { LOAD; }
show('ann', 'admin');
