<?php
const A = array(1); const B = [1];
