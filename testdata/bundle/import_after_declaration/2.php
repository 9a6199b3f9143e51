<?php
namespace N;
class Foo {}
function dump() {}
const V = 1;