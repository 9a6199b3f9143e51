<?php
$a->->class; $a->?->list