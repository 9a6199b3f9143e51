<?php
$a = 1 + ;
