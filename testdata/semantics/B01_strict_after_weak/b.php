<?php
declare(strict_types=1);
echo digits(6);
