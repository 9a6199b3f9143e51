<?php return 'the working folder';
