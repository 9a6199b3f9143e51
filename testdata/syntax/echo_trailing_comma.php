<?php
echo 1, ;
