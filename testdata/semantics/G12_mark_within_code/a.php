<?php
function ﻿bare() { return 'marked'; }
