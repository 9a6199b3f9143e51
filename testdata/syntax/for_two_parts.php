<?php
for ($a; $b) { }
