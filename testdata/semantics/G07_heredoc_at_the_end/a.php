<?php
$letter = <<<LETTER
Dear reader
LETTER;