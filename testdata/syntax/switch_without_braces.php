<?php
switch ($a) case 1: echo 1;
