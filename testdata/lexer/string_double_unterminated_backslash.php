<?php
"$a b\