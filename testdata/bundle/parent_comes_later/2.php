<?php
namespace B;
class Base {}
class E extends \A\C {}