<?php
<<<A
a
A;