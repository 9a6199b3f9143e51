<?php
$a = $b |> fn($x) => $x;
