<?php
class A { #[B] use T; }
