<?php
$a ? print 1 : print 2;
