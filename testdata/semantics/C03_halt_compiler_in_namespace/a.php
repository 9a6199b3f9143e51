<?php
namespace Data;
echo 'before';
__halt_compiler();
no code <?php here
