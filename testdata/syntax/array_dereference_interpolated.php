<?php
$a = "a$b"[0];
