<?php
<<<A
  {$a /* b
  A;
1