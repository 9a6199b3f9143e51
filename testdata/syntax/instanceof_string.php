<?php
$a instanceof 'B';
