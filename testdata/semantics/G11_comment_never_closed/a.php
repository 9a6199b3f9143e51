<?php
echo 'one';
/* and so on
