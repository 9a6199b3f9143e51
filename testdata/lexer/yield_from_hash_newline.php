<?php
yield#
from