<?php
foreach ($a as f()) { }
