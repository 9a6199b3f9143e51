<?php
`a $b \` c` . ``