<?php
#[static] function f() { }
