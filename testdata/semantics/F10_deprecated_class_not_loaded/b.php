<?php
echo 'no page turned';
