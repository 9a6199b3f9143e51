<?php (new A)->b; (new A)->c()[0]; (new A)['b'];
