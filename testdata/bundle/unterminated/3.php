<?php
echo "c $x