<?php
class A {}
function f() {}
interface I {}
if (1) { class C {} }
{ function h() {} }