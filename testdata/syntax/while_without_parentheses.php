<?php
while $a { }
