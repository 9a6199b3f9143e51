before
<?php if ($a): ?>
  inside <?php echo 1 ?>

<?php else: ?>
  other
<?php endif ?>
after
