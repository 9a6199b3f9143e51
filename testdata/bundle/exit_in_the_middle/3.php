<?php
echo 3;