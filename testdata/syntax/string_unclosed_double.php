<?php
$a = "text;
