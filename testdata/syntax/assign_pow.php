<?php
$a **= 2;
