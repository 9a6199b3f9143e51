<?php
const A = new B(1);
