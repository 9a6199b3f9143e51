<?php
use SplObjectStorage;
echo count(new SplObjectStorage);
