<?php
const A = $b = 1;
