<?php __HALT_COMPILER() ?>
data {
