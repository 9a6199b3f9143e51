<?php
print 1, 2;
