<?php
//[RUNTIME]
echo 'a';
//[/RUNTIME]
