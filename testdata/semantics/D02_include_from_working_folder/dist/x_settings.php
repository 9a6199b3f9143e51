<?php return 'dist';
