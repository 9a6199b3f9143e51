<?php if ($a) b(); else if ($c) d(); elseif ($e) f(); else if ($g) h(); else i();
