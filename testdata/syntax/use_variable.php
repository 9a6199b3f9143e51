<?php
use $a;
