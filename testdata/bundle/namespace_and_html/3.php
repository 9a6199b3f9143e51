<?php namespace B; function g() {} ?>
