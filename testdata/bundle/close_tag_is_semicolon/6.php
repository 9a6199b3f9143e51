<?php
echo 'd';