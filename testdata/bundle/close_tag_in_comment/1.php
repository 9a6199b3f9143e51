<?php
echo 'a'; // see ?>
T
<?php // done