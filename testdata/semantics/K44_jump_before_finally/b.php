<?php
try { return 1; } finally { echo "finally"; }
