<?php
<<<A
a
A;
