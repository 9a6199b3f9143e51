<?php # </script>
1 </script
>a