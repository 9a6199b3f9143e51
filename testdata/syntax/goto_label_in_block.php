<?php
{ a: } if ($x) { goto a; }
