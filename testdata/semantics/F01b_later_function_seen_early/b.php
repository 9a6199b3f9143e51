<?php
function render() { return 'page'; }
echo $has ? 'seen early' : 'not seen', ', ', render();
