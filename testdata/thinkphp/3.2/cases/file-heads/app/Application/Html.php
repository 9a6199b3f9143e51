<p>1</p>
<?php function html() {} ?>
