<?php
echo function_exists('bare') ? 'bare' : ﻿bare();
