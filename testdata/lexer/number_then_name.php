<?php
1a 0x1g 1e5x 08b 1_a