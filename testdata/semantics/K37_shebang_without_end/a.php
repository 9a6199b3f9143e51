<?php
echo 'a';
