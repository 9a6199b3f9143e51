<?php
declare(ticks=1);
namespace E;
function e() {}
