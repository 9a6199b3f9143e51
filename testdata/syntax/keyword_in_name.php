<?php
use A\function\b; new A\class\B; list\a();
