<?php
echo 'c';