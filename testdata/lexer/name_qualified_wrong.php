<?php
A\ \ \\ A\\B A\1 \1 namespace\ A\B\