<?php
abstract interface A { }
