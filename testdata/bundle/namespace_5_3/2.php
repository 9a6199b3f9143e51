<?php
echo \A\B\f();