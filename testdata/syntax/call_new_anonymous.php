<?php
new class { }->b();
