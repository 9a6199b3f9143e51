<?php try {} catch (A | \B\C $e) {}
