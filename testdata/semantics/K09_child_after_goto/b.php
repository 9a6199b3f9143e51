<?php
goto end;
class C extends P {}
end:
