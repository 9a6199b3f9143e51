<?php
namespace A\B;
function one() {}
namespace C;
function two() {}
