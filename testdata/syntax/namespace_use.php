<?php
use
namespace
A;
