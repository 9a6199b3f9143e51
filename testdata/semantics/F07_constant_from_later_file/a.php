<?php
const PRICE = NET + 4;
class Invoice { const TAX = NET * 2; public static $net = NET; }
