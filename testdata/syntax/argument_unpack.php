<?php
f($a, ...$b);
