<?php
echo 'and more';
