<?php
echo <<<X
  a
  X . 'z';