<?php
echo 'end';
