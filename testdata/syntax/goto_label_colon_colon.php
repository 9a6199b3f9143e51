<?php
a::b;
