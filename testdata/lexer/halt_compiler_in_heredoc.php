<?php
<<<A
{__halt_compiler();}
{$a(__halt_compiler();)}
A;
