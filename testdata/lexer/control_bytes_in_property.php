<?php
$a->b