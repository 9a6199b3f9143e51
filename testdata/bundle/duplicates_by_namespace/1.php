<?php
namespace A;
class X {}
enum E: int { case A = 1; case Class = 2; }