<?php
echo <<<X
d
