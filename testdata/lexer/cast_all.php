<?php
(int)(integer)(bool)(boolean)(float)(double)(real)(string)(binary)(array)(object)(unset)(void)