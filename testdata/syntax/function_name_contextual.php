<?php
function self() { } function readonly() { }
