A<?php
echo 1;\