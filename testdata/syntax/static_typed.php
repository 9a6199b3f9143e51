<?php
static int $a = 1;
