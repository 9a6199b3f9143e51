<?php
while ($a):
endfor;
