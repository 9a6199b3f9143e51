<?php
A = 1;
