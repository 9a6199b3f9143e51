<?php
ini_set('precision', '3');
