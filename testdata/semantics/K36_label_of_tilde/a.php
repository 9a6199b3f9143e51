<?php
if (isset($x)) return;
goto tilde_end_0;
tilde_end_0: echo 'a';
