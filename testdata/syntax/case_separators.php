<?php
switch ($a) { case 1: case 2; default: }
