<?php
/** kept */ if (true) return;
function f() {}
