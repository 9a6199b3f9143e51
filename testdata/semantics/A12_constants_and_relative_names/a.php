<?php
const SPEED = 30;
define('Road\SPEED', 100);
