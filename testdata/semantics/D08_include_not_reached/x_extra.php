<?php
echo 'extra, ';
