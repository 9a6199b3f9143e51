<?php
`a $b
 c