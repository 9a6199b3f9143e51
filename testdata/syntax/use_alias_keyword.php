<?php
use A as list;
