<?php
$a = 2 </script>
$b = 2 </script /**/ >