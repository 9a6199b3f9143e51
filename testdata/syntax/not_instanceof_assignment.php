<?php
if (!($a = f()) instanceof B) { }
