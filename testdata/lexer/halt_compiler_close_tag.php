<?php
__halt_compiler()?>
<?php 1