<?php
namespace Shop;
function where() { return __FUNCTION__; }
