<?php
echo 'no wallet';
