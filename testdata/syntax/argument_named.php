<?php
f(1, a: 2, b : 3, array: 4);
