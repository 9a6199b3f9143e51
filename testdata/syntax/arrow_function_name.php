<?php
function fn() { }
