<?php
use namespace\A;
