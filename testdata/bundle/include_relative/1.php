<?php
function one() { return 1; }
