<?php
do { }
