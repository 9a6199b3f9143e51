<?php
class A { static

const B = 1; }
