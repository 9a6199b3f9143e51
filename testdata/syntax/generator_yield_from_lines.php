<?php
function f() { yield
  from g(); }
