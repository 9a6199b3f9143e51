<?php
"${a} ${a[0]} ${a['b']} ${$a} ${a->b} ${a } ${ a} ${class} ${class[0]} ${}"