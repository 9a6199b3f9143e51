<?php
__halt_compiler(1);
