<?php
"$a[