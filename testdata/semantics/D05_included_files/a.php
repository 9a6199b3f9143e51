<?php
$loaded = true;
