<?php
echo 'x' . 0.123456;
