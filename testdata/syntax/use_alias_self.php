<?php
use A as self;
