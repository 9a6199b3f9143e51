<?php
f(list: 1, class: 2, fn: 3);
