<?php
static $n = 1;
