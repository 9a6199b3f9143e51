<?php
foreach ($a as &[$b]) { }
