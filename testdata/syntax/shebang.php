#!/usr/bin/php
<?php
namespace A;
