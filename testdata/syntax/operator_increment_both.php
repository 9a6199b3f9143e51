<?php
++$a++;
