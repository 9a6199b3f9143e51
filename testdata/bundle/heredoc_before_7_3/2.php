<?php
echo strlen(<<<Y
raw
Y
); $z=1;