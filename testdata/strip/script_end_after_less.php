<?php 2 < /script>
$a < /**/ /script >
2 </script>
2 </ script>