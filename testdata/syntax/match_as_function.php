<?php
match($a);
