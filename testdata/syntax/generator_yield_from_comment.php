<?php
function f() { yield /* c */ from g(); }
