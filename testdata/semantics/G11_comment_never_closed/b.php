<?php
echo 'two'; /* three */
echo 'four';
