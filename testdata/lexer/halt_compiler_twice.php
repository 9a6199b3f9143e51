<?php
__halt_compiler __halt_compiler(); a
b