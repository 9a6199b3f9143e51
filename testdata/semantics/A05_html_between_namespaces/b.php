<h1>
<?php echo \Page\title(); ?>

</h1>
