<?php
function f { }
