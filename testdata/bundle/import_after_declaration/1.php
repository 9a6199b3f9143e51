<?php
namespace Other;
class Foo {}
function dump() {}