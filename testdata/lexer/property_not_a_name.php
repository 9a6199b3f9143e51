<?php
$a->$b; $a->{new}; $a->1