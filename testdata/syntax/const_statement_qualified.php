<?php
const A\B = 1;
