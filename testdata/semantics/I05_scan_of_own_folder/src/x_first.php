<?php
echo 'first, ';
