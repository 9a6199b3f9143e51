<?php
function closed() { return '//[RUNTIME]gone//[/RUNTIME]'; }
//[/RUNTIME]
//[RUNTIME] one //[RUNTIME] two //[/RUNTIME] // three //[/RUNTIME]
/* //[RUNTIME] */ function hidden() {} /* //[/RUNTIME] */
// [RUNTIME]
function kept() { return 2; }
// [/RUNTIME]
