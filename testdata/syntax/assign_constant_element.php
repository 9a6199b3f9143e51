<?php
A[0] = 1;
