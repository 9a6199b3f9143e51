<?php
<<<A
a
  A;
1