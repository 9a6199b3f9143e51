<?php
function list() {} const class = 1; A::new; new class {};