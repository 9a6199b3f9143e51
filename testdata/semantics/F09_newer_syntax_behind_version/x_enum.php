<?php
enum Size: string { case Small = 's'; case Large = 'l'; }
echo match (true) { PHP_INT_SIZE > 0 => Size::Large->value };
