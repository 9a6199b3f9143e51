<?php
static $a->b;
