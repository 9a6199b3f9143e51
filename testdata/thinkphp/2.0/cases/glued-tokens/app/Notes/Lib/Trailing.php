<?php
function trailing() { return 1; }
// no line break follows, and trim() would take it