<?php
"$a->b $ $ab"