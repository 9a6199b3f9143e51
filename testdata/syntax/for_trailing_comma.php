<?php
for ($a,;;) { }
