<?php function a(A&B $c, A & $d, A &...$e): A&B {}
