<?php
echo "runs\n";
