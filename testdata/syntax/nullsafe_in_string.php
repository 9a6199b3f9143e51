<?php
$a = "$b?->c $b?->d->e";
