<?php
function f() {
namespace