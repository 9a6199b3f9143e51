<?php
"$a[b