<?php
echo 'b';
