<?php
if $a { }
