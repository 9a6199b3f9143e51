<?php
if ($a) { } }
