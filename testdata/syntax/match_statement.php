<?php
match($a) { 1 => f() };
