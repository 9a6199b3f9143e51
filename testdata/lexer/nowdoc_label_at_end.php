<?php
<<<'A'
a
A