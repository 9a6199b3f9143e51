<?php
\a(); new \A\B; \A\B::c(); \C;
