<?php print 1 + 2 and print 3; 1 * print 2 + 3; !print 'a' || print 'b';
