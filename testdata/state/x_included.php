<?php
return json_encode(get_defined_vars());
