<?php
f(&$a);
