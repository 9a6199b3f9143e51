<?php
f(__halt_compiler: 1);
