<?php
echo $first, ' then ', get_class(new Queue);
