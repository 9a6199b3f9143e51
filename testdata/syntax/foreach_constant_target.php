<?php
foreach ($a as B) { }
