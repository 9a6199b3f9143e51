<?php
const NET = 20;
const PRICE = NET + 4;
class Invoice { const TAX = NET * 2; public static $net = NET; }
echo Invoice::TAX, ' ', PRICE;
