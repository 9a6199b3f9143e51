<?php
$a /** never closed