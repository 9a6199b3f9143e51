<?php
#[A(
class B { }
