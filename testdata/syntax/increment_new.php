<?php
++
new A;
