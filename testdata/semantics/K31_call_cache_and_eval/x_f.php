<?php namespace A;
function strlen($text) { return 'own'; }
