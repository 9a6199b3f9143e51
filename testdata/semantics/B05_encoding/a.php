<?php
$ready = true;
