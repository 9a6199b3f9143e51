<?php
__halt_compiler /* a */ ( /* b */ ) /* c */ ; }}}
