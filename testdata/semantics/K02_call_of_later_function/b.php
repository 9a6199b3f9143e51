<?php
function later() { echo 'called'; }
