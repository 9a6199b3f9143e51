<?php namespace A;
echo M_PI, "\n";
