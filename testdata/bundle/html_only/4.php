<?php
echo 4;