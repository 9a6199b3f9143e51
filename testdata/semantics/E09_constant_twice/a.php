<?php
define('COLOUR', 'red');
