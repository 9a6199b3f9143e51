<?php array(1)[0]; [1][0]; 'abc'[0]; "abc"[1];
