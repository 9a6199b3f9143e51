<?php
$a = $b{};
