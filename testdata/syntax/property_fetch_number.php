<?php
$a->1;
