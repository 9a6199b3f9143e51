<?php
echo 1;
__halt_compiler(); this is <?php not { parsed
