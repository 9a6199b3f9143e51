<?php
($a . $b)->c;
