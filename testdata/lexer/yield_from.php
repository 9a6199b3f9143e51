<?php
yield from $a; yield
	FROM b; yieldfrom; yield fromage; yield from1; yield; from