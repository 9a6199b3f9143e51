<?php
function clone() { }
