<?php
echo $letter, '.';
