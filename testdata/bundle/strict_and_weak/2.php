<?php
echo 2;