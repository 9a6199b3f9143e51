<?php
class A { use
namespace
; }
