<?php
$f = strlen(...,);
