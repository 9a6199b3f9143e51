<?php
list($a) += 1;
