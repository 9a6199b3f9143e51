<?php
return 1, 2;
