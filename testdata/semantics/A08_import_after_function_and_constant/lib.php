<?php
namespace Lib;
const LEVEL = 'low';
function trace() { return 'lib'; }
