<?php
echo 2;
