<?php
namespace_test();
function namespace_test() { return 'namespace x;'; }
