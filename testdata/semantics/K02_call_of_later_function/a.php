<?php
try { later(); } catch (Error $e) { echo $e->getMessage(); }
