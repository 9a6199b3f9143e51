<?php
echo $year;
