<?php
switch ($a) { echo 1; case 1: }
