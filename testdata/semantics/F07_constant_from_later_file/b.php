<?php
const NET = 20;
echo Invoice::TAX, ' ', PRICE;
