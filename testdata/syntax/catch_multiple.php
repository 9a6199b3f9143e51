<?php
try { } catch (A | \B | namespace\C $e) { }
