<?php match($a) { 1, 2, => 'b', default, => match(true) { $c => 3 }, }; match(1) {};
