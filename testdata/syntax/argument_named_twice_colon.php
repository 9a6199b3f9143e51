<?php
f(a:: 2);
