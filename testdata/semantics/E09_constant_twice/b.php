<?php
const COLOUR = 'blue';
echo COLOUR;
