<?php
echo <<<A
	a
    A;
