<?php
use A; use A\B, \C\D as E; use A as B;
