<?php
echo `echo {$n }`;