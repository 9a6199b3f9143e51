<?php
echo 'done';
