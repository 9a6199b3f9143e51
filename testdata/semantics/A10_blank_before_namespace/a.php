
<?php
namespace Late;
echo 'never';
