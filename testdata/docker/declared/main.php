<?php
// Uses nothing of what it requires.
echo \strlen('a'), "\n";
