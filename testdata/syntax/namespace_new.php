<?php
new
namespace
;
