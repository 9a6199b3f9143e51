<?php
echo 'before'; # open ?>
 between
<?php // last words