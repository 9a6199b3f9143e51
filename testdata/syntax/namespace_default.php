<?php
function f($a =
namespace
) {}
