<ul>
<li><?php echo 'item' ?>
</li>
</ul>
