<?php
<<<a
A
a;
