<?php
/* a b
 c */ 1