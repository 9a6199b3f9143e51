<?php
$a = A[0];
