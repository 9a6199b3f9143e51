<?php
echo 1; if (0) exit; 