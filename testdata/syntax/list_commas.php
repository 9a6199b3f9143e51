<?php
list(,,) = $a;
