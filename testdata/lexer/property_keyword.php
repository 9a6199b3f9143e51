<?php
$a->class; $a->list->new; A::class; $a?->function;