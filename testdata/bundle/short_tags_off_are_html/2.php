<?php
echo 'b';