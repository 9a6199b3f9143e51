<?php
<<<A
A;
1