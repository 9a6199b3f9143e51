<?php
class Base {}
class Later extends Base { const X = 1; public function m() {} }
