<?php
echo 'second';
