<?php
<<<'A'
A;
<<<'A'

A;
1