<?php
A::B = 1;
