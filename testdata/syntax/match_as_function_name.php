<?php
function match($a) { }
