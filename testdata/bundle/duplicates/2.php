<?php
abstract class a {}
function F() {}
trait i {}
if (1): class C {} endif;
function H() {}
class B { function f() {} }