<?php class A { public var $b; }
