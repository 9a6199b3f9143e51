<?php
$a instanceof B instanceof C;
