<?php
$x = new D('x');
