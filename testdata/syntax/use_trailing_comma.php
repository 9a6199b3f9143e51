<?php
use A, B,;
