<?php
#[] class A { }
