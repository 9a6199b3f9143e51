<?php
echo 'next file';
