<?php return 'src';
