<?php
try { } catch (A $e) echo 1;
