<?php $year = 2020; ?>
<hr>
