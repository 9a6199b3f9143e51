<?php
empty($a, $b);
