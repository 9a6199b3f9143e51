<?php
<<<'A'
a
