<?php
use \A\{B};
