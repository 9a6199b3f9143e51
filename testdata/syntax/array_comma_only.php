<?php
$a = [,];
