<?php
A::__halt_compiler();
