<?php
echo 2; exit ?>
