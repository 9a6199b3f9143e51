<?php
list($a);
