<?php
if ($a) { const B = 1; }
