<?php
switch ($a) { case 1: break; case 'b': case f(): echo 1; default: continue; }
