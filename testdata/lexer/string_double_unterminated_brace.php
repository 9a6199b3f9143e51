<?php
"$a b{