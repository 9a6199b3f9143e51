<?php
try { assert(__DIR__ === 'x'); } catch (AssertionError $e) { echo $e->getMessage(); }
