<?php
echo 'a'; // end