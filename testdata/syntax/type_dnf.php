<?php
function f((A&B)|null $a, C|(A&B) $b): (A&B)|D { }
