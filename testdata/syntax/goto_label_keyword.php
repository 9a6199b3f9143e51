<?php
list: echo 1;
