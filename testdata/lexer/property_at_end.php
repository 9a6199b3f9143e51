<?php
$a->