<?php
namespace Lib;
function trace() { return 'lib'; }
