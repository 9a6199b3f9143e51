<?php
if ($a)
namespace
;
