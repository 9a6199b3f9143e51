<?php
$a = ( int	) $b;
