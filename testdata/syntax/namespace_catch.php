<?php
try {} catch (
namespace
$e) {}
