<?php
readonly class A { }
