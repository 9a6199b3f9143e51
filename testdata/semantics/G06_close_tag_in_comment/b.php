<?php
echo 'after';
