<?php
define('My\Site\Name', 'a namespace in a string');
const Plain = 3;
const SUM = Plain;
