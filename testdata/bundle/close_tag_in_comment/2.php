<?php
echo 'b'; # x ?>