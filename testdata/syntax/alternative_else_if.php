<?php
if ($a): else if ($b): endif;
