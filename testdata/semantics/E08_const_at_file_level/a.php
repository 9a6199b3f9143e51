<?php
const DOZEN = 12;
const GROSS = DOZEN * DOZEN;
echo GROSS;
