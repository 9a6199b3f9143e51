<?php
function enum() { } function from() { } function parent() { }
