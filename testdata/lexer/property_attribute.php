<?php
$a->#[c]
class