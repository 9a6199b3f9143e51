<?php
1; 'a
b