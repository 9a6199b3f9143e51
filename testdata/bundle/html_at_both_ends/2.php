<b><?php echo 2; ?>
</b>
