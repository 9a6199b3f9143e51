<?php namespace A;
echo strlen('abc'), "\n";
