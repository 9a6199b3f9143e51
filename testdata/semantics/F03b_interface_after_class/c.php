<?php
var_dump(new Bell instanceof Rings);
