<?php
LOAD;
echo 'theme: ', theme();
