<?php
echo 'c'; /* ?> */