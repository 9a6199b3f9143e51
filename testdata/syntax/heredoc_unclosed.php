<?php
$a = <<<A
text
