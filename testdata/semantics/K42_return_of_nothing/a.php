<?php
echo "a";
if (true) return $nothing;
echo "not";
