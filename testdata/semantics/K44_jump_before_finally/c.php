<?php
try { echo "c"; } catch (LogicException $e) {}
