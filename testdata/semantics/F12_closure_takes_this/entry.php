<?php
class Safe { private $secret = 'gold'; function open() { LOAD; } }
(new Safe)->open();
