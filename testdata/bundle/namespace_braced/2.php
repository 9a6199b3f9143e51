<?php
namespace B;
function g() { return 2; }