<?php
if ($a)
 class B {}
