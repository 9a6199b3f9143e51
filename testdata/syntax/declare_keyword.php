<?php
declare(list=1);
