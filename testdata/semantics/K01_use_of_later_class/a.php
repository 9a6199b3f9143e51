<?php
try { new Later; echo 'there'; } catch (Error $e) { echo $e->getMessage(); }
