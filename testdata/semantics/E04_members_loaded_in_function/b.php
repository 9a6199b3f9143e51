<?php
function theme() { return $GLOBALS['theme'] ?? 'none'; }
