<?php
echo 'run';
