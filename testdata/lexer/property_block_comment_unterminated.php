<?php
$a->/* b