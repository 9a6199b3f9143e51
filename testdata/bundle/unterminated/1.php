<?php
echo 'a';
/* never closed