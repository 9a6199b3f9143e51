<?php
$a = LIST;
