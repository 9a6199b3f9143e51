<b>hi</b>
<?php echo \A\f(); ?>

tail
