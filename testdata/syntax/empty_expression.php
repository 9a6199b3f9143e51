<?php
empty($a); empty(f()); empty($a['b']->c);
