#!/usr/bin/env php
<?php echo 'a';