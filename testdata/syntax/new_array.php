<?php
new array();
