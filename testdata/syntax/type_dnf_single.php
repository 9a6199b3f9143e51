<?php
function f((A&B) $a) { }
