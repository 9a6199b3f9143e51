<?php
yield#
x
from