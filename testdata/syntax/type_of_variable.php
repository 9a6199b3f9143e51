<?php
int $a = 1;
