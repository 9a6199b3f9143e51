<?php
goto end;
end:
