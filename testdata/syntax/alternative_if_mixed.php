<?php
if ($a): else { }
