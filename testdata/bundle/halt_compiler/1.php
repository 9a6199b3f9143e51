<?php
echo 1;
__halt_compiler();data <?php