<?php
function title() { return 'x'; }
// the end