<?php
switch ($a) { default: default: }
