<?php 2 < /script>
$a < /**/ /script >
